import type { KeptCase } from './decide-case';
import type { CasePlace } from './read-row';
import type { Instant } from './zone-time';

/** A case as the copy has it. */
export interface CopiedCase extends KeptCase {
  /** The agent it was found for. */
  agent: string;
  place: CasePlace;
  /** When it was last seen changed, or first seen. */
  changedAt: Instant;
}
