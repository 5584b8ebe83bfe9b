import {
  IsText,
  IsUpstreamId,
  MayBeAbsent,
  SUBSCRIPTION_ACTIONS,
  SUBSCRIPTION_EVENTS,
} from '@kyc-relay/contracts';
import type { SubscriptionAction, SubscriptionEvent } from '@kyc-relay/contracts';
import { ArrayMinSize, IsArray, IsIn } from 'class-validator';

/** `POST /v1/kyc/query-field-result` (`kyc-to-money-plus.md`, Query and entry). */
export class QueryFieldResultRequest {
  /** The business that asks; the signer. */
  @IsText({ max: 64 })
  biz_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;
}

/** `POST /v1/subscriptions` (`kyc-to-money-plus.md`, Subscription). */
export class SubscriptionRequestBody extends QueryFieldResultRequest {
  /** SUBSCRIBE sets the list of events, UNSUBSCRIBE takes those away. */
  @IsIn(SUBSCRIPTION_ACTIONS)
  action!: SubscriptionAction;

  /** Which kinds of change; absent: all. */
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(SUBSCRIPTION_EVENTS, { each: true })
  events?: SubscriptionEvent[];
}
