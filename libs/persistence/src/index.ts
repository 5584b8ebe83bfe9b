export { createIndexConcurrently } from './concurrent-index';
export { Database, type PreparedStatement, type Tx } from './database';
export { connect, createDataSource, type DataSourceSettings } from './data-source';
export { countDue, PURGE_BATCH, purgeBatch, type PurgeRule } from './purge';
export { openWatchedSocket } from './watched-socket';
export { isLostRace, isStoreAway, nameStoreError } from './store-away';
