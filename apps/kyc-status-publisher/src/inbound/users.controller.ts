import { Controller, Get, Headers, Inject, Param, Query, Req } from '@nestjs/common';
import { requireAccess, RequireRole, TOKEN_SOURCE, type TokenSource } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { badRequest } from '@kyc-relay/http';
import type { EntryAnswer, HistoryItem } from '@kyc-relay/kyc';
import { QueryHandler } from '../handlers/query.handler';
import { BusinessRequests } from './business-request';
import { notAuthenticated } from './retcode';

const SHOPEE_UID = /^[A-Za-z0-9_-]{1,64}$/;
const ROW_ID = /^\d{1,18}$/;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** A page of a user's history. */
interface HistoryPage {
  shopee_uid: string;
  items: HistoryItem[];
  /** Null on the last page. */
  next_cursor: string | null;
}

/** What is shown of one user: the entry of a business's app, and the history for operators. */
@Controller('v1/users')
export class UsersController {
  constructor(
    @Inject(BusinessRequests) private readonly requests: BusinessRequests,
    @Inject(TOKEN_SOURCE) private readonly tokens: TokenSource,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
    @Inject(QueryHandler) private readonly query: QueryHandler,
  ) {}

  /** Signed by the business, which then is the `biz_id`, or with a viewer's token and a `biz_id` of the registry. */
  @Get(':shopee_uid/entry')
  async entry(
    @Param('shopee_uid') shopeeUid: string,
    @Query('biz_id') bizId: unknown,
    @Headers() headers: Record<string, string | undefined>,
    @Req() request: { url: string },
  ): Promise<EntryAnswer> {
    if (this.requests.isClaimed(headers)) {
      const signed = this.requests.verify(headers, Buffer.from(request.url));
      if (!signed || (bizId !== undefined && bizId !== signed.business.biz_id)) throw notAuthenticated();
      return await this.query.entry(signed.business.biz_id, readUid(shopeeUid));
    }
    requireAccess(this.tokens, headers['authorization'], 'viewer');
    if (typeof bizId !== 'string' || !this.registry.current().businesses.has(bizId))
      throw badRequest([{ field: 'biz_id', message: 'must be one business of the registry' }]);
    return await this.query.entry(bizId, readUid(shopeeUid));
  }

  /** What happened to the user and why, oldest first, values masked. */
  @Get(':shopee_uid/history')
  @RequireRole('viewer')
  async history(
    @Param('shopee_uid') shopeeUid: string,
    @Query('limit') limit: unknown,
    @Query('cursor') cursor: unknown,
  ): Promise<HistoryPage> {
    const uid = readUid(shopeeUid);
    const page = await this.query.history(uid, { after: readCursor(cursor), limit: readLimit(limit) });
    return {
      shopee_uid: uid,
      items: page.items,
      next_cursor: page.next === undefined ? null : Buffer.from(page.next).toString('base64url'),
    };
  }
}

function readUid(shopeeUid: string): string {
  if (!SHOPEE_UID.test(shopeeUid))
    throw badRequest([{ field: 'shopee_uid', message: 'must be 1 to 64 of letters, digits, _ and -' }]);
  return shopeeUid;
}

function readLimit(limit: unknown): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  const number = typeof limit === 'string' && /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (number < 1 || number > MAX_LIMIT)
    throw badRequest([{ field: 'limit', message: `must be a whole number from 1 to ${MAX_LIMIT}` }]);
  return number;
}

function readCursor(cursor: unknown): string {
  if (cursor === undefined) return '0';
  const id = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString() : '';
  if (!ROW_ID.test(id))
    throw badRequest([{ field: 'cursor', message: 'must be a next_cursor of an earlier answer' }]);
  return id;
}
