import { BadRequestException, Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { readNotification } from '@kyc-relay/review-notify-ingest';
import type { Pool } from 'pg';
import { runBare, STORE } from './bare-nest';

/** Takes notifications as a handler does that checks the same fields and inserts one row. */
@Controller('v1/notify/reviews')
class BareReviewsController {
  constructor(@Inject(STORE) private readonly store: Pool) {}

  @Post()
  @HttpCode(200)
  async take(@Body() body: Record<string, unknown>): Promise<string> {
    const read = readNotification(body);
    if (!read.ok) throw new BadRequestException(read.errors);
    const { institutionId, bizType, bizId, merchantClientId, subClientId, status, comment } =
      read.notification;
    await this.store.query({
      name: 'insert',
      text: `insert into bare_reviews (institution_id, biz_type, biz_id, merchant_client_id, sub_client_id,
          status, comment, body) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        institutionId,
        bizType,
        bizId,
        merchantClientId,
        subClientId,
        status,
        comment,
        JSON.stringify(body),
      ],
    });
    return 'SUCCESS';
  }
}

void runBare(BareReviewsController);
