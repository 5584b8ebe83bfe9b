import { parse } from 'yaml';
import { readText } from './repository';

/** A service of `docker-compose.yml`, as far as we use Compose. */
export interface ComposeService {
  image: string;
  build?: { context: string; args: { SERVICE: string } };
  command?: string[];
  environment: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  ports?: string[];
  profiles?: string[];
  restart?: string;
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
}

/** The services of `docker-compose.yml`, anchors and merges resolved. */
export function readCompose(): Readonly<Record<string, ComposeService>> {
  const { services } = parse(readText('docker-compose.yml'), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
  return services;
}
