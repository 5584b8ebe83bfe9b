export { Database, type PreparedStatement, type Tx } from './database';
export { connect, createDataSource, type DataSourceSettings } from './data-source';
export { isLostRace, isStoreAway, nameStoreError } from './store-away';
