import type { WireMessage } from './dead-letter';

/** A message to be published; a text stands for its UTF-8 bytes. */
export interface OutgoingMessage extends Omit<WireMessage, 'value'> {
  value: Buffer | string | null;
}

/** Where the relay sends to; `libs/messaging` implements it over Kafka. */
export interface BatchPublisher {
  /**
   * Resolves when all in-sync replicas have all messages.
   * @throws PublishRefused when the broker will never take one of them; any other error is worth another try.
   */
  publish(messages: readonly OutgoingMessage[]): Promise<void>;
}

/** The broker refuses a message for what it is (too large, malformed), so that sending it again cannot help. */
export class PublishRefused extends Error {
  constructor(
    /** The broker's name of the refusal, such as `MESSAGE_TOO_LARGE`. */
    readonly code: string,
  ) {
    super(code);
    this.name = 'PublishRefused';
  }
}
