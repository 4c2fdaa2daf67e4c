import type { WordName } from './words.js';

/** How a figure is defined, as schema/numbers.md has it. */
interface Formula {
  readonly text: string;
  /** The heading of schema/numbers.md that has the whole of it. */
  readonly section: string;
  /** What of it is easily taken wrong. */
  readonly note?: string;
}

/** The formulas of the figures; what is no number has none. */
export const FORMULAS: Readonly<Partial<Record<WordName, Formula>>> = {
  benchmark: {
    text: 'B = price of base/quote, or 1 / price of quote/base, or the product along the path',
    section: 'Rates',
    note: 'Where no path of listed pairs joins the two there is no rate: null, never 0 and never 1.',
  },
  path: {
    text: 'B(i, j) = B(i, x) × B(x, j)',
    section: 'Rates',
    note: 'The best path has the fewest legs, then the smallest sum of spreads. USDT is never taken for USD.',
  },
  stale: {
    text: 'age = observedAt − close time of the oldest leg > STALE_AFTER_MS',
    section: 'Rates',
  },
  delta: {
    text: 'Δ = B − A, A being the rate 24 h ago',
    section: 'The five matrices',
    note: 'The other way round it is 1/B − 1/A, not 1/Δ.',
  },
  percent: { text: 'Δ% = 100 × (B / A − 1)', section: 'The five matrices' },
  pct: {
    text: 'ΔΔ% = Δ%(t) − Δ%(t′), t′ being the turn before',
    section: 'The five matrices',
    note: 'A first turn has none: there is nothing before it.',
  },
  quantid: {
    text: 'k / scale, k = ((1 + Δ%/100) × Δ) / A, scale the largest |k| of the universe',
    section: 'The five matrices',
  },
  strength: {
    text: '100 × (exp(mean over all others of ln(B / A)) − 1)',
    section: 'Per asset',
    note: 'The strengths of all assets cancel out: what one gains the others lose.',
  },
  quant: {
    text: 'quant(t) = α × mean of the row of quantids + (1 − α) × quant(t′)',
    section: 'Per asset',
    note: 'α is 0.2 for the tier CONSERVATIVE, 0.5 for STANDARD and 1 for AGGRESSIVE.',
  },
  lead: {
    text: 'MOMENTUM: largest quant; REVERSION: smallest; NEUTRAL: largest |quant|',
    section: 'Strategy',
  },
  shift: {
    text: 'shift = quant of the lead(t) − quant of the same asset(t′)',
    section: 'Strategy',
  },
  imprint: {
    text: 'imprint = price of the lead now / price of the lead when it took over',
    section: 'Strategy',
    note: 'It is reached at or above the expected imprint of the settings; 1 is no move.',
  },
  grt: {
    text: 'grt = 100 × (Σ held(t′) × price(t) / Σ held(t′) × price(t′) − 1)',
    section: 'Strategy',
    note: 'Over what is priced at both turns; deposits and withdrawals are no growth.',
  },
  luggage: {
    text: 'luggage = luggage(t′) × (1 + grt / 100); 1 where the lead took over',
    section: 'Strategy',
  },
  mid: { text: 'MID = (bid + ask) / 2, leg by leg', section: 'Prices to trade at' },
  take: {
    text: 'TAKE = bid × (1 − fee), the other way 1 / ask × (1 − fee), leg by leg',
    section: 'Prices to trade at',
    note: 'There and back brings no more than one had.',
  },
  spread: { text: 'spread = 10,000 × (ask − bid) / ((ask + bid) / 2)', section: 'Rates' },
  consistency: {
    text: '10,000 × |ln(direct) − ln(product of the two legs)|',
    section: 'Consistency',
    note: 'It is data, not an error: old prices and thin books make it large.',
  },
  correlation: {
    text: 'Σ ab / √(Σ a² × Σ b²), a and b the deviations of the log returns from their means',
    section: 'Matrices over a window',
  },
  covariance: { text: 'Σ ab / (n − 1)', section: 'Matrices over a window' },
  beta: { text: 'Σ ab / Σ b²', section: 'Matrices over a window' },
  volatility: {
    text: '100 × √(Σ a² / (n − 1)) × √(365 days / bucket)',
    section: 'Matrices over a window',
  },
  attribution: {
    text: 'price + flow + unpriced = value at the end − value at the start',
    section: 'Attribution',
    note: 'Price is held(before) × change of the price; flow is change of what is held × price after it.',
  },
};
