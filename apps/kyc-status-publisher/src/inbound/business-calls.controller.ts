import { Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { parseJsonBody, RawBody, Traceparent } from '@kyc-relay/http';
import { QueryHandler } from '../handlers/query.handler';
import { SubscriptionHandler } from '../handlers/subscription.handler';
import { QueryFieldResultRequest, SubscriptionRequestBody } from './business-calls.dto';
import { BusinessRequests, type SignedRequest } from './business-request';
import { notAuthenticated, success, wrongFields, type RetcodeAnswer } from './retcode';

/** What businesses call, signed: subscriptions and the query. */
@Controller('v1')
export class BusinessCallsController {
  constructor(
    @Inject(BusinessRequests) private readonly requests: BusinessRequests,
    @Inject(SubscriptionHandler) private readonly subscriptions: SubscriptionHandler,
    @Inject(QueryHandler) private readonly query: QueryHandler,
  ) {}

  /** Sets or takes away what the business is called back for. */
  @Post('subscriptions')
  @HttpCode(200)
  async subscribe(
    @Headers() headers: Record<string, string | undefined>,
    @RawBody() body: Buffer,
    @Traceparent() traceparent: string | undefined,
  ): Promise<RetcodeAnswer> {
    const { signed, value } = this.read(headers, body, SubscriptionRequestBody);
    const result = await this.subscriptions.handle(signed.business, value, {
      webhookId: signed.webhookId,
      body,
      traceparent,
    });
    if (!result.ok) throw wrongFields([result.error]);
    return success(result.answer);
  }

  /** The fields that the business may know of a user. */
  @Post('kyc/query-field-result')
  @HttpCode(200)
  async queryFieldResult(
    @Headers() headers: Record<string, string | undefined>,
    @RawBody() body: Buffer,
  ): Promise<RetcodeAnswer> {
    const { signed, value } = this.read(headers, body, QueryFieldResultRequest);
    return success(await this.query.query(signed.business, value.shopee_uid));
  }

  private read<T extends QueryFieldResultRequest>(
    headers: Record<string, string | undefined>,
    body: Buffer,
    dto: DtoClass<T>,
  ): { signed: SignedRequest; value: T } {
    const signed = this.requests.verify(headers, body);
    if (!signed) throw notAuthenticated();
    const json = parseJsonBody(body);
    if (!json) throw wrongFields([{ field: 'body', message: 'must be JSON in UTF-8' }]);
    const checked = validateDto(dto, json.value);
    // Somebody else's name in a well-signed request is an authentication failure, told like every other.
    const claimed = (json.value as { biz_id?: unknown } | null)?.biz_id;
    if (typeof claimed === 'string' && claimed !== signed.business.biz_id) throw notAuthenticated();
    if (!checked.ok) throw wrongFields(checked.errors);
    return { signed, value: checked.value };
  }
}
