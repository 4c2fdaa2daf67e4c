/** All that the page needs to show a moment: its text, and the zone that it is shown in. */
export * from './moment-text.js';
export { setZone, useZone } from './zone.js';
