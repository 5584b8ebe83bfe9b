export { createIndexConcurrently } from './concurrent-index';
export { Database, type PreparedStatement, type Tx } from './database';
export { connect, createDataSource, type DataSourceSettings } from './data-source';
export { countDue, PURGE_BATCH, purgeBatch, type PurgeRule } from './purge';
export { isLostRace, isStoreAway, nameStoreError } from './store-away';
