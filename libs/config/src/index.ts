export { describeConfig, type SettingDescription } from './environment/describe-config';
export {
  ConfigError,
  loadConfig,
  loadRetention,
  type RetentionSettings,
  type SettingProblem,
} from './environment/load-config';
export { PartnerServiceConfig, ServiceConfig, type LogLevel } from './environment/service-config';
export { Setting, type ConfigClass } from './environment/setting.decorator';
export * from './environment/setting-readers';
export { Acquirer, Agent } from './registry/acquirer.dto';
export { ApiToken } from './registry/api-token.dto';
export { Business, Delivery } from './registry/business.dto';
export { Institution } from './registry/institution.dto';
export { Merchant } from './registry/merchant.dto';
export { parseRegistry } from './registry/parse-registry';
export { PartnerRegistry, REGISTRY_SECTIONS, type RegistrySection } from './registry/partner-registry.dto';
export { Partners, type AgentOfAcquirer } from './registry/partners';
export { RegistryFile, type RegistryOptions, type RegistryReload } from './registry/registry-file';
export type { Secrets } from './registry/registry-rules.decorator';
export { RiskClient } from './registry/risk-client.dto';
export { RegistryError } from './registry/watched-file';
