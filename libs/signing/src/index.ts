export {
  BUSINESS_HEADERS,
  readBusinessId,
  signBusinessRequest,
  verifyBusinessRequest,
  type BusinessKeys,
  type BusinessRequestVerdict,
  type OutgoingRequest,
  type ReceivedRequest,
  type SignatureRefusal,
} from './business-request';
export type { Headers } from './header';
export { signPayee, verifyPayee, type PayeeParameters } from './payee-signature';
export { signReview, verifyReview, type ReviewFields } from './review-signature';
export {
  canonicalRisk,
  signRisk,
  toRiskObject,
  verifyRisk,
  type RiskObject,
  type RiskValue,
} from './risk-signature';
export {
  parseSourceJson,
  SourceNumber,
  type SourceJson,
  type SourceJsonRefusal,
  type SourceJsonVerdict,
  type SourceObject,
} from './source-json';
export { signBody, verifyBody } from './wallet-signature';
export { signWebhook, verifyWebhook, type WebhookContent } from './webhook-signature';
