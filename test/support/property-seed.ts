import fc from 'fast-check';
import { propertySeed } from './rounds.js';

if (propertySeed !== 'random') fc.configureGlobal({ seed: Number(propertySeed) });
