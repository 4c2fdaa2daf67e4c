import { WalletAttributionDocument } from '../../generated/operations.js';
import { useFollowed } from '../api/use-followed.js';
import { useTurn } from '../api/use-turn.js';
import type { RangeName } from '../charts/range-names.js';
import { formatMomentNear, useZone, type Zone } from '../format/moments.js';
import { formatNumber, formatPercent } from '../format/numbers.js';
import { useViewState } from '../use-view-state.js';
import { gainPercent, growthOf, sinceMidnight, type Attribution } from './growth.js';
import { decimalsOfWorth, PRICE_WORDS } from './worth.js';

const RANGE_WORDS: Readonly<Record<RangeName, string>> = {
  '15m': 'Over 15 min',
  '1h': 'Over 1 h',
  '24h': 'Over 24 h',
  '7d': 'Over 7 d',
  '30d': 'Over 30 d',
  all: 'Since the beginning',
};

interface HeadlineProps {
  readonly value: number | null;
  readonly asset: string;
  /** What made it change over the range; null before that is known. */
  readonly ranged: Attribution | null;
  /** Of the turn that is looked at. */
  readonly observedAt: string;
}

/** What the wallet is worth, and how that changed today and over the range of the charts. */
export function Headline({ value, asset, ranged, observedAt }: HeadlineProps) {
  const { valueIn, valueAt, range, from } = useViewState();
  const { isLive } = useTurn();
  const zone = useZone();
  const today = sinceMidnight(observedAt, zone, isLive);
  const todays = useFollowed(WalletAttributionDocument, { in: valueIn, ...today }, isLive);
  const shared = { at: Date.parse(observedAt), zone };
  return (
    <dl className="headline">
      <div>
        <dt>Worth</dt>
        <dd>
          <span className="big" data-testid="wallet-value">
            {value === null ? 'no price' : formatNumber(value, decimalsOfWorth([value]))}
          </span>{' '}
          {value !== null && <span className="unit">{asset}</span>}
          <span className="about">{PRICE_WORDS[valueAt]}</span>
        </dd>
      </div>
      <Change
        name="Today"
        testId="change-today"
        since={Date.parse(today.from)}
        attribution={todays.answer?.data.walletAttribution ?? null}
        {...shared}
      />
      <Change
        name={from === null ? RANGE_WORDS[range] : 'Over the range'}
        testId="change-range"
        since={null}
        attribution={ranged}
        {...shared}
      />
    </dl>
  );
}

interface ChangeProps {
  readonly name: string;
  readonly testId: string;
  /** When it was to begin; null: wherever it does. */
  readonly since: number | null;
  readonly attribution: Attribution | null;
  readonly at: number;
  readonly zone: Zone;
}

/** How the value changed: what the market did, and beside it what came or went, which is no gain. */
function Change({ name, testId, since, attribution, at, zone }: ChangeProps) {
  if (!attribution) return <ChangeBox name={name} testId={testId} big="–" about="" />;
  const { price, flow, unpriced } = growthOf(attribution.total);
  const decimals = decimalsOfWorth([attribution.endValue]);
  const signed = (number: number): string => formatNumber(number, decimals, { signed: true });
  const percent = gainPercent(attribution);
  const begun = attribution.starts[0] ?? null;
  const isCut = since !== null && begun !== null && begun > since;
  const about = [
    `${signed(price)} ${attribution.in} by the market`,
    flow !== 0 && `${signed(flow)} came or went`,
    unpriced !== 0 && `${signed(unpriced)} without a price`,
    isCut && `since the first turn at ${formatMomentNear(begun, at, zone)}`,
  ];
  return (
    <ChangeBox
      name={name}
      testId={testId}
      big={percent === null ? signed(price) : `${formatPercent(percent)} %`}
      about={about.filter((words) => words !== false).join(', ')}
    />
  );
}

interface ChangeBoxProps {
  readonly name: string;
  readonly testId: string;
  readonly big: string;
  readonly about: string;
}

function ChangeBox({ name, testId, big, about }: ChangeBoxProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span className="big" data-testid={testId}>
          {big}
        </span>
        <span className="about">{about}</span>
      </dd>
    </div>
  );
}
