export { GroupCommit, type GroupLimits } from './group-commit';
export { purgeJob } from './purge-job';
export { RepeatingJob, type JobSettings } from './repeating-job';
export {
  assembleService,
  runService,
  type AssembledService,
  type ServiceDefinition,
  type Worker,
} from './run-service';
export { RunningService } from './running-service';
export { createServiceParts, type ServiceDescription, type ServiceParts } from './service-parts';
