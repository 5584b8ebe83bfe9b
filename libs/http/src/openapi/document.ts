import type { JsonSchema } from '@kyc-relay/contracts';

/** A body of a request or an answer: its schema by media type, with an example that a reader can send or expect. */
export interface Content {
  schema: JsonSchema | { $ref: string };
  example?: unknown;
  examples?: Record<string, { summary?: string; value: unknown }>;
}

/** One answer of an operation. */
export interface Answer {
  description: string;
  headers?: Record<string, { description: string; schema: JsonSchema }>;
  content?: Record<string, Content>;
}

/** A parameter of a path, a query or a header. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: JsonSchema;
  example?: unknown;
}

/** What one method of a path does. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  /** Which credentials, one of the list; an empty list: none. */
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { required: true; content: Record<string, Content> };
  responses: Record<string, Answer>;
}

/** The methods of a path. */
export type PathItem = Partial<Record<'get' | 'post', Operation>>;

/** The part of OpenAPI 3.1 that our documents use. */
export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  jsonSchemaDialect: string;
  tags: { name: string; description: string }[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, JsonSchema>;
    securitySchemes: Record<string, Record<string, unknown>>;
  };
}
