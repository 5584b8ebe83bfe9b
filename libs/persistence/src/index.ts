export { createIndexConcurrently } from './concurrent-index';
export { Database } from './database';
export { sessionOf } from './session';
export type { OpenTx, PreparedStatement, Tx } from './session';
export { connect, createDataSource, type DataSourceSettings } from './data-source';
export { countDue, PURGE_BATCH, purgeBatch, type PurgeRule } from './purge';
export { packTexts, RowSet } from './row-set';
export { openWatchedSocket } from './watched-socket';
export { isLostRace, isStoreAway, nameStoreError } from './store-away';
