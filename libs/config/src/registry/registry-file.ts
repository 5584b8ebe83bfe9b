import type { FieldError } from '@kyc-relay/contracts';
import type { ApiToken } from './api-token.dto';
import { parseRegistry } from './parse-registry';
import type { PartnerRegistry, RegistrySection } from './partner-registry.dto';
import { Partners } from './partners';
import { type FileReload, WatchedFile } from './watched-file';

/** What became of a changed file; for `relay_registry_reloads_total` and the log. */
export type RegistryReload =
  { result: 'loaded'; file: string } | { result: 'refused'; file: string; errors: readonly FieldError[] };

/** Where the registry is and who wants to know of its changes. */
export interface RegistryOptions {
  /** Path of the partner registry. */
  registryFile: string;
  /** Path of a second file with API tokens. */
  apiTokensFile?: string | undefined;
  /** The sections that the service needs; the others are not looked at. */
  sections: readonly RegistrySection[];
  /** Told of each changed content once. Must not throw. */
  report: (reload: RegistryReload) => void;
  /** Milliseconds between two looks at the files. A change takes effect at the second look after it. */
  pollMs?: number;
}

/**
 * The partner registry of a running service: read at start, read again when a file changes. A good new content
 * takes effect within about two polls, a bad one is reported and the last good one stays.
 * Source: platform.md, "Partner registry".
 */
export class RegistryFile {
  private readonly listeners: ((partners: Partners) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private partners: Partners;

  private constructor(
    private readonly options: RegistryOptions,
    private readonly registryFile: WatchedFile<PartnerRegistry>,
    private readonly tokensFile: WatchedFile<PartnerRegistry> | undefined,
    private registry: PartnerRegistry,
    private moreTokens: readonly ApiToken[],
  ) {
    this.partners = new Partners(registry, moreTokens);
  }

  /** Reads the files and starts to watch them; throws `RegistryError` when one cannot be used. */
  static async open(options: RegistryOptions): Promise<RegistryFile> {
    const { registryFile, apiTokensFile, sections } = options;
    const registry = await WatchedFile.open(registryFile, (text) => parseRegistry(text, sections));
    const tokens = apiTokensFile
      ? await WatchedFile.open(apiTokensFile, (text) => parseRegistry(text, ['api_tokens']))
      : undefined;
    const opened = new RegistryFile(
      options,
      registry.file,
      tokens?.file,
      registry.value,
      tokens?.value.api_tokens ?? [],
    );
    opened.schedule();
    return opened;
  }

  /** The partners as of now. Ask again for each request: a reload gives another object. */
  current(): Partners {
    return this.partners;
  }

  /** The tokens of our own API as of now, of both files. */
  tokens(): readonly ApiToken[] {
    return this.partners.apiTokens;
  }

  /** Calls the listener after each reload. It must not throw. */
  onChange(listener: (partners: Partners) => void): void {
    this.listeners.push(listener);
  }

  /** Looks at the files now; the timer does it every second. */
  async check(): Promise<void> {
    const registry = await this.registryFile.check();
    const tokens = await this.tokensFile?.check();
    if (registry?.result === 'loaded') this.registry = registry.value;
    if (tokens?.result === 'loaded') this.moreTokens = tokens.value.api_tokens;
    if (registry?.result === 'loaded' || tokens?.result === 'loaded') {
      this.partners = new Partners(this.registry, this.moreTokens);
      for (const listener of this.listeners) listener(this.partners);
    }
    if (registry) this.report(this.registryFile, registry);
    if (tokens && this.tokensFile) this.report(this.tokensFile, tokens);
  }

  /** Stops watching; the last state stays. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.checkAndSchedule();
    }, this.options.pollMs ?? 1000);
    this.timer.unref();
  }

  private async checkAndSchedule(): Promise<void> {
    try {
      await this.check();
    } finally {
      // A stop during the check has taken the timer away, and then none follows.
      if (this.timer !== undefined) this.schedule();
    }
  }

  private report({ path }: WatchedFile<PartnerRegistry>, reload: FileReload<PartnerRegistry>): void {
    this.options.report(
      reload.result === 'loaded'
        ? { result: 'loaded', file: path }
        : { result: 'refused', file: path, errors: reload.errors },
    );
  }
}
