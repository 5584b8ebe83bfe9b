export { RepeatingJob, type JobSettings } from './repeating-job';
export { runService, type ServiceDefinition, type Worker } from './run-service';
export { createServiceParts, type ServiceDescription, type ServiceParts } from './service-parts';
