export { useCleanup, type Cleanup } from './cleanup';
export { collectingLogger, type CollectingLogger, type LogLine } from './collecting-logger';
export { TEST_DATA_KEYS, testBrokers, testDatabaseUrl } from './environment';
export { createGate, type Gate } from './gate';
export { eventually } from './eventually';
export { exchangeRaw, type RawAnswer } from './raw-http';
export { recordingTracing, type RecordedSpan, type RecordingTracing } from './recording-tracing';
export { createTestDatabase, type DatabaseContents, type TestDatabase } from './test-database';
export {
  createTestTopics,
  readTopics,
  testKafka,
  uniqueName,
  withAdmin,
  type ReadMessage,
  type TestTopic,
  type TopicReader,
} from './test-topics';
export { openWire, type Wire } from './wire';
