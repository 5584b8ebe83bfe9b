import type { JsonSchema } from '@kyc-relay/contracts';
import type { Content, OpenApiDocument, Operation } from '@kyc-relay/http';
import { Ajv2020 } from 'ajv/dist/2020';
import { assemble, type Assembled } from './assembled';
import { SERVICE_TABLE } from './services';

describe.each(SERVICE_TABLE)('/openapi.json of %s', (name, service) => {
  let assembled: Assembled;
  let document: OpenApiDocument;
  let operations: [string, Operation][];
  beforeAll(async () => {
    assembled = await assemble(service);
    const answer = await assembled.get('/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.contentType).toMatch(/^application\/json/);
    document = JSON.parse(answer.body) as OpenApiDocument;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        one,
      ]),
    );
  });
  afterAll(async () => {
    await assembled.close();
  });

  it('is OpenAPI 3.1 of this service', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: name } });
  });

  it('has every route that the service has, and no other', () => {
    expect(operations.map(([route]) => route).sort()).toEqual(assembled.routes);
  });

  it('names each operation once and declares the parameters of its path and its credentials', () => {
    const ids = operations.map(([, { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [route, { parameters = [], security }] of operations) {
      const inPath = [...route.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
      const declared = parameters.filter((one) => one.in === 'path');
      expect([route, declared.map((one) => one.name)]).toEqual([route, inPath]);
      expect(declared.every(({ required }) => required)).toBe(true);
      for (const scheme of security.flatMap((one) => Object.keys(one)))
        expect(document.components.securitySchemes).toHaveProperty(scheme);
    }
  });

  it('tells of each call how it goes well and how it fails', () => {
    for (const [route, { responses, tags }] of operations) {
      const statuses = Object.keys(responses);
      expect([route, statuses.some((status) => status.startsWith('2'))]).toEqual([route, true]);
      if (!tags.includes('operations'))
        expect([route, statuses.some((status) => /^[45]/.test(status))]).toEqual([route, true]);
    }
  });

  it('has an example for every body, which fits its schema', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const [route, operation] of operations) {
      const bodies = [operation.requestBody, ...Object.values(operation.responses)].flatMap((body) =>
        Object.entries(body?.content ?? {}),
      );
      for (const [mediaType, content] of bodies) {
        const examples = examplesOf(content);
        expect([route, mediaType, examples.length > 0]).toEqual([route, mediaType, true]);
        const validate = ajv.compile({ ...resolve(content.schema, document) });
        for (const example of examples) {
          validate(example);
          expect([route, mediaType, validate.errors ?? 'fits']).toEqual([route, mediaType, 'fits']);
        }
      }
      for (const { name: parameter, schema, example } of operation.parameters ?? []) {
        if (example === undefined) continue;
        const validate = ajv.compile({ ...schema });
        validate(example);
        expect([route, parameter, validate.errors ?? 'fits']).toEqual([route, parameter, 'fits']);
      }
    }
  });

  it('is not shown as a page', async () => {
    for (const path of ['/api', '/docs', '/swagger', '/openapi'])
      expect((await assembled.get(path)).status).toBe(404);
  });
});

function examplesOf({ example, examples }: Content): unknown[] {
  return [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples ?? {}).map(({ value }) => value),
  ];
}

function resolve(schema: Content['schema'], document: OpenApiDocument): JsonSchema {
  if (!('$ref' in schema)) return schema;
  const found = document.components.schemas[schema.$ref.replace('#/components/schemas/', '')];
  if (!found) throw new Error(`${schema.$ref} leads nowhere`);
  return found;
}
