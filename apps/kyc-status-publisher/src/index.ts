export { KYC_STATUS_PUBLISHER } from './definition';
