export { runService, type ServiceDefinition, type Worker } from './run-service';
export { createServiceParts, type ServiceDescription, type ServiceParts } from './service-parts';
