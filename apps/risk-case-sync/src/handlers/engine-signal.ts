/** Tells the engine of this replica, after a commit, that something is due; other replicas find it at their next look. */
export abstract class EngineSignal {
  abstract wake(): void;
}
