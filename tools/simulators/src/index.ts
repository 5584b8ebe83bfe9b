export { Acquirer } from './acquirer/acquirer';
export type { AcquirerAccount, AcquirerRequest } from './acquirer/acquirer';
export { exampleAnswer } from './acquirer/acquirer-case';
export { AcquirerControlClient } from './acquirer/acquirer-client';
export type { AcquirerCase, ExampleAnswer } from './acquirer/acquirer-case';
export type { Fault, FaultRule, StandingFault } from './acquirer/fault';
export { generateCases } from './acquirer/generate-cases';
export type { GenerateOptions } from './acquirer/generate-cases';
export { pushCase } from './acquirer/push-case';
export type { PushOrder } from './acquirer/push-case';
export { signAcquirer } from './acquirer/risk-sign';
export { startAcquirer } from './acquirer/start-acquirer';
export type { RunningAcquirer } from './acquirer/start-acquirer';
export { checkDelivery } from './check-delivery';
export type {
  ChangedRepeat,
  CheckOptions,
  DeliveryReport,
  InvalidSignature,
  OrderViolation,
  RepeatedSuccess,
} from './check-delivery';
export type {
  EventToPublish,
  PublishAnswer,
  PublishOrder,
  ReceivedPage,
  SimulatorInfo,
  WaitAnswer,
} from './control/control-types';
export { SimulatorClient } from './control/simulator-client';
export type { WaitOptions } from './control/simulator-client';
export { callHttp } from './http-call';
export type { HttpAnswer, HttpCall } from './http-call';
export type { Behaviour, BehaviourType, ResetMoment } from './money-plus/behaviour';
export type { RequestCounts } from './money-plus/count-requests';
export type { EndpointInfo, EndpointState } from './money-plus/endpoint';
export { readJournalFile } from './money-plus/journal-file';
export { startMoneyPlus } from './money-plus/money-plus';
export type { MoneyPlus, MoneyPlusOptions, Wanted } from './money-plus/money-plus';
export type {
  Arrival,
  Ending,
  ReceivedFilter,
  ReceivedRequest,
  RequestKind,
} from './money-plus/received-request';
export type { Rule, RuleMatch } from './money-plus/rule';
export type { StandingRule } from './money-plus/rule-book';
export type { SignatureVerdict } from './money-plus/signature-check';
export type { RequestPredicate } from './money-plus/waiting-room';
export type { ReviewSendBody } from './review-partner/review-control';
export { kybReview, storeReview } from './review-partner/review-examples';
export { FORGERIES, ReviewPartner, RHYTHM_SECONDS } from './review-partner/review-partner';
export type {
  Forgery,
  ReviewAttempt,
  ReviewDelivery,
  ReviewOrder,
  ReviewPartnerSettings,
} from './review-partner/review-partner';
export { signReview } from './review-partner/review-sign';
export type { ReviewFields } from './review-partner/review-sign';
export { readSettings } from './settings';
export type { ReadSettings, SimulatorSettings } from './settings';
export { signRequest } from './sign-request';
export type { RequestToSign } from './sign-request';
export { startSimulators } from './simulators';
export type { Simulators } from './simulators';
export { toEnvelope, toKafkaMessage } from './upstream/cloud-event-encoding';
export type { EventMode, RawMessage } from './upstream/cloud-event-encoding';
export { seededStamps } from './upstream/event-stamps';
export type { StampOptions } from './upstream/event-stamps';
export * from './upstream/upstream-event';
export { UpstreamPublisher } from './upstream/upstream-publisher';
export type { PublishedPart, RawPost, UpstreamOptions } from './upstream/upstream-publisher';
