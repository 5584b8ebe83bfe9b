import { Body, Controller, HttpCode, Inject, Post, ValidationPipe } from '@nestjs/common';
import { KybNotificationBody } from '@kyc-relay/review-notify-ingest';
import { DataSource, EntitySchema } from 'typeorm';
import { CONNECTIONS, runBare, STORE, type BareStore } from './bare-nest';

interface Row extends Omit<KybNotificationBody, 'reviewDetail'> {
  id: string;
  body: object;
}

/** The table of the bare handler, which the measurement makes. */
const REVIEWS = new EntitySchema<Row>({
  name: 'bare_reviews',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    institutionId: { name: 'institution_id', type: 'text' },
    bizType: { name: 'biz_type', type: 'text' },
    bizId: { name: 'biz_id', type: 'text' },
    merchantClientId: { name: 'merchant_client_id', type: 'text' },
    subClientId: { name: 'sub_client_id', type: 'text' },
    status: { type: 'text' },
    comment: { type: 'text' },
    body: { type: 'jsonb' },
  },
});

/** Takes notifications as the manuals of Nest and TypeORM have it: the pipe validates the class, the repository inserts. */
@Controller('v1/notify/reviews')
class PlainReviewsController {
  constructor(@Inject(STORE) private readonly store: DataSource) {}

  @Post()
  @HttpCode(200)
  async take(@Body(new ValidationPipe({ transform: true })) body: KybNotificationBody): Promise<string> {
    const { institutionId, bizType, bizId, merchantClientId, subClientId, status, comment } = body;
    await this.store
      .getRepository(REVIEWS)
      .insert({ institutionId, bizType, bizId, merchantClientId, subClientId, status, comment, body });
    return 'SUCCESS';
  }
}

async function openDataSource(url: string): Promise<BareStore> {
  const source = new DataSource({ type: 'postgres', url, poolSize: CONNECTIONS, entities: [REVIEWS] });
  await source.initialize();
  return {
    value: source,
    close: async () => {
      await source.destroy();
    },
  };
}

void runBare(PlainReviewsController, openDataSource);
