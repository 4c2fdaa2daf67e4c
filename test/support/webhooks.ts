/** A signing key as people make it, and a bot's token as Telegram does. */
export const SIGNING_KEY = `whsec_${Buffer.from('a signing key of the tests, 32 b').toString('base64')}`;
export const BOT_TOKEN = '1234567890:test-bot-token-of-35-characters-xyz';
