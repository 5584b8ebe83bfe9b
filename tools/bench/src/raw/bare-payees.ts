import { BadRequestException, Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { readKeys, readRegistration } from '@kyc-relay/payee-service';
import type { Pool } from 'pg';
import { runBare, STORE } from './bare-nest';

type Parameters = Record<string, string>;

/** Registers and retrieves payees as a handler does that checks the same fields and runs one statement. */
@Controller('v3/payee')
class BarePayeesController {
  private drawn = 0;

  constructor(@Inject(STORE) private readonly store: Pool) {}

  @Post('register')
  @HttpCode(200)
  async register(@Body() body: Parameters): Promise<object> {
    const read = readRegistration(new Map(Object.entries(body)), new Date());
    if (!read.ok) throw new BadRequestException(read.problems);
    const { email, customerCode, governmentId, ...profile } = read.profile;
    this.drawn += 1;
    const customerNo = `2${String(Date.now()).padStart(13, '0')}${String(this.drawn).padStart(8, '0')}`;
    const now = new Date();
    await this.store.query({
      name: 'insert',
      text: `insert into bare_payees (customer_no, merchant_no, store_no, version, status, status_since, email,
          email_key, customer_code, government_id, profile, created_at, updated_at)
        values ($1, $2, $3, 1, 'Unverified', $8, $4, lower($4), $5, $6, $7, $8, $8)`,
      values: [
        customerNo,
        body['merchantNo'],
        body['storeNo'],
        email,
        customerCode,
        Buffer.from(governmentId),
        JSON.stringify(profile),
        now,
      ],
    });
    const { firstName, lastName } = read.profile;
    return done({ firstName, lastName, customerCode, createdTime: now, customerNo, email });
  }

  @Post('retrieve')
  @HttpCode(200)
  async retrieve(@Body() body: Parameters): Promise<object> {
    const read = readKeys(new Map(Object.entries(body)));
    if (!read.ok) throw new BadRequestException(read.problems);
    const { rows } = await this.store.query<Row>({
      name: 'select',
      text: `select customer_no, status, email, customer_code, government_id, profile, created_at, updated_at
        from bare_payees where merchant_no = $1 and email_key = $2 and deleted_at is null`,
      values: [body['merchantNo'], read.keys.email],
    });
    const [row] = rows;
    if (!row) throw new BadRequestException('there is no such payee');
    return done({
      ...row.profile,
      updatedTime: row.updated_at,
      payeeStatus: row.status,
      customerCode: row.customer_code,
      createdTime: row.created_at,
      customerNo: row.customer_no,
      email: row.email,
      governmentId: row.government_id.toString(),
    });
  }
}

interface Row {
  customer_no: string;
  status: string;
  email: string;
  customer_code: string | null;
  government_id: Buffer;
  profile: object;
  created_at: Date;
  updated_at: Date;
}

function done(customer: object): object {
  return { ret_msg: 'success', ret_code: '000100', customer };
}

void runBare(BarePayeesController);
