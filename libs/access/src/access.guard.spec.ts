import { Controller, Get, Module, Post, UseGuards } from '@nestjs/common';
import { sha256Hex } from '@kyc-relay/crypto';
import { createHttpApp } from '@kyc-relay/http';
import { createLogger, Metrics } from '@kyc-relay/telemetry';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AccessGuard } from './access.guard';
import { Actor } from './actor.decorator';
import { RequireRole } from './require-role.decorator';
import { type AccessToken, TOKEN_SOURCE } from './token-source';

let tokens: AccessToken[] = [];

@Controller('tasks')
@RequireRole('viewer')
class TasksController {
  @Get()
  list(@Actor() actor: string): object {
    return { actor };
  }

  @Post()
  @RequireRole('operator')
  act(@Actor() actor: string): object {
    return { actor };
  }
}

@Controller('forgotten')
@UseGuards(AccessGuard)
class ForgottenController {
  @Get()
  list(): object {
    return {};
  }
}

@Controller('open')
class OpenController {
  @Get()
  list(@Actor() actor: string): object {
    return { actor };
  }
}

@Module({
  controllers: [TasksController, ForgottenController, OpenController],
  providers: [{ provide: TOKEN_SOURCE, useValue: { tokens: () => tokens } }],
})
class AccessTestModule {}

describe('@RequireRole', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    app = await createHttpApp(AccessTestModule, {
      logger: createLogger('access', 'silent'),
      metrics: new Metrics(),
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
  });
  afterAll(async () => {
    await app.close();
  });
  beforeEach(() => {
    tokens = [
      { name: 'eve', role: 'viewer', sha256: sha256Hex('eve-token') },
      { name: 'otto', role: 'operator', sha256: sha256Hex('otto-token') },
    ];
  });

  async function call(method: 'GET' | 'POST', url: string, token?: string) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { statusCode, headers: answered, body } = await app.inject({ method, url, headers });
    return {
      status: statusCode,
      type: answered['content-type'],
      answered,
      body: JSON.parse(body) as unknown,
    };
  }

  it.each<['GET' | 'POST', string, string]>([
    ['GET', 'eve-token', 'eve'],
    ['GET', 'otto-token', 'otto'],
    ['POST', 'otto-token', 'otto'],
  ])('lets %s with %s pass and names the actor', async (method, token, actor) => {
    expect((await call(method, '/tasks', token)).body).toEqual({ actor });
  });

  it.each([undefined, 'stranger'])('answers 401 to the token %s', async (token) => {
    const answer = await call('GET', '/tasks', token);
    expect(answer.status).toBe(401);
    expect(answer.type).toContain('application/problem+json');
    expect(answer.answered['www-authenticate']).toBe('Bearer');
    expect(answer.body).toEqual({
      type: 'urn:kyc-relay:problem:access.unauthenticated',
      title: 'Unauthorized',
      status: 401,
      detail: 'a valid bearer token is needed',
    });
  });

  it('answers 403 to another role; what the handler needs counts, not what the controller does', async () => {
    expect(await call('POST', '/tasks', 'eve-token')).toMatchObject({
      status: 403,
      body: {
        type: 'urn:kyc-relay:problem:access.forbidden',
        title: 'Forbidden',
        status: 403,
        detail: 'the role operator is needed',
      },
    });
  });

  it('heeds a reload at the next request', async () => {
    tokens = [];
    expect((await call('GET', '/tasks', 'eve-token')).status).toBe(401);
  });

  it('keeps a guarded handler shut that names no role', async () => {
    expect((await call('GET', '/forgotten', 'otto-token')).status).toBe(500);
  });

  it('names no actor where nobody was asked for a token', async () => {
    expect((await call('GET', '/open', 'otto-token')).status).toBe(500);
  });
});
