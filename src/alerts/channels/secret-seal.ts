import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { ChannelRecord, ChannelSecret } from './channel.js';

/** Names the way of sealing, for whoever reads it in ten years. */
const VERSION = 'v1';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What the key is for: the same secret gives other keys for other purposes. */
const PURPOSE = 'dynamics: secrets of alert channels';

type Sealed = Pick<ChannelRecord, 'id' | 'kind'>;

/**
 * Seals the secrets of channels by AES-256-GCM, under a key that HKDF derives from a secret of the
 * settings. What was sealed for one channel opens for that one alone: whoever can write to the
 * database cannot have a token sent along with another channel's messages.
 */
export class SecretSeal {
  readonly #key: Buffer | null;

  /** @param secret null where the settings have none: then nothing can be sealed, nor opened */
  constructor(secret: string | null) {
    this.#key =
      secret === null
        ? null
        : Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), PURPOSE, KEY_BYTES));
  }

  get hasKey(): boolean {
    return this.#key !== null;
  }

  /** @throws Error where there is no key: {@link hasKey} is asked first */
  seal(channel: Sealed, secret: ChannelSecret): string {
    if (this.#key === null) throw new Error('there is no key to seal with');
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce).setAAD(boundTo(channel));
    const text = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
    return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url')}`;
  }

  /** Null where it was sealed under another key, or for another channel, or is damaged. */
  open({
    sealed,
    ...channel
  }: Pick<ChannelRecord, 'id' | 'kind' | 'sealed'>): ChannelSecret | null {
    const [version, text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64url');
    const begins = NONCE_BYTES + TAG_BYTES;
    if (this.#key === null || version !== VERSION || bytes.length <= begins) return null;
    try {
      const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(boundTo(channel)).setAuthTag(bytes.subarray(NONCE_BYTES, begins));
      const opened = Buffer.concat([decipher.update(bytes.subarray(begins)), decipher.final()]);
      return JSON.parse(opened.toString('utf8')) as ChannelSecret;
    } catch {
      return null;
    }
  }
}

function boundTo({ id, kind }: Sealed): Buffer {
  return Buffer.from(`${kind} ${id}`, 'utf8');
}
