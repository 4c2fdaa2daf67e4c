/** The embedded engine at the address by which tools beside this project know it in `dist`. */
export { openEmbeddedEngine } from '../../embedded-mongo/engine.js';
