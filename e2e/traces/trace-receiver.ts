import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as a service exported it. */
export interface ExportedSpan {
  service: string;
  name: string;
  kind: 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
  trace_id: string;
  span_id: string;
  /** Absent for the first span of a trace. */
  parent_id: string | undefined;
  attributes: Record<string, string | number | boolean>;
  failed: boolean;
}

/** OTLP's JSON, as far as it is read here. */
interface OtlpRequest {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] };
    scopeSpans: { spans: OtlpSpan[] }[];
  }[];
}
interface OtlpAttribute {
  key: string;
  value: { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean };
}
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: OtlpAttribute[];
  status: { code?: number };
}

/** The numbers of OTLP's span kinds; 0 is not specified. */
const KINDS = [undefined, 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
const ERROR = 2;

/** A receiver of traces by OTLP over HTTP, JSON. */
export class TraceReceiver {
  readonly spans: ExportedSpan[] = [];
  /** All that was received, as it came. */
  text = '';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceReceiver> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => (body += part));
      request.on('end', () => {
        if (request.method !== 'POST' || request.url !== '/v1/traces') response.writeHead(404).end();
        else {
          receiver.take(body);
          response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
        }
      });
    });
    const receiver = new TraceReceiver(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The spans of a trace. */
  of(traceId: string): ExportedSpan[] {
    return this.spans.filter((span) => span.trace_id === traceId);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(body: string): void {
    this.text += body;
    for (const { resource, scopeSpans } of (JSON.parse(body) as OtlpRequest).resourceSpans) {
      const service = String(read(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({
          service,
          name: span.name,
          kind: KINDS[span.kind] ?? 'INTERNAL',
          trace_id: span.traceId,
          span_id: span.spanId,
          parent_id: span.parentSpanId === '' ? undefined : span.parentSpanId,
          attributes: read(span.attributes),
          failed: span.status.code === ERROR,
        });
    }
  }
}

function read(attributes: readonly OtlpAttribute[]): ExportedSpan['attributes'] {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const { stringValue, intValue, doubleValue, boolValue } = value;
      return [key, stringValue ?? boolValue ?? Number(intValue ?? doubleValue)];
    }),
  );
}
