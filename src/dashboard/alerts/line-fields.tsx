import type { LineInput, LineKind } from '../../generated/operations.js';
import { Entry, namesOf, optionsOf, Pick } from './fields.js';
import type { Faults } from './faults.js';
import { lineOfKind, type KnownAssets } from './make.js';
import {
  ASSET_WORDS,
  CONSISTENCY_WORDS,
  LINE_WORDS,
  MATRIX_WORDS,
  STRATEGY_WORDS,
  WINDOW_WORDS,
} from './words.js';

interface LineFieldsProps {
  readonly line: LineInput;
  readonly known: KnownAssets;
  readonly faults: Faults;
  readonly set: (line: LineInput) => void;
}

/** Which number a rule watches. */
export function LineFields(props: LineFieldsProps) {
  const { line, known, set } = props;
  const toKind = (kind: LineKind): void => {
    const { base = null, quote = null, asset = null } = line;
    const kept = { make: null, base, quote, asset: asset ?? base, figure: null, window: null };
    set(lineOfKind(kind, kept, known));
  };
  return (
    <>
      <Pick label="Of" value={line.kind} options={optionsOf(LINE_WORDS)} set={toKind} />
      <Parts {...props} />
    </>
  );
}

function Parts(props: LineFieldsProps) {
  const { line, set } = props;
  switch (line.kind) {
    case 'CELL':
      return (
        <>
          <PairFields {...props} />
          <Pick
            label="Its"
            value={line.matrix ?? 'ID_BENCHMARK'}
            options={optionsOf(MATRIX_WORDS)}
            set={(matrix) => set({ kind: 'CELL', base: line.base, quote: line.quote, matrix })}
          />
          {(line.matrix ?? 'ID_BENCHMARK') === 'ID_BENCHMARK' && <PriceFields {...props} />}
        </>
      );
    case 'ASSET':
      return <AssetFields {...props} />;
    case 'WALLET':
      return (
        <>
          <AssetPick {...props} label="In" part="in" />
          <PriceFields {...props} />
        </>
      );
    case 'BALANCE':
      return (
        <>
          <AssetPick {...props} label="Asset" part="asset" />
          <AssetPick {...props} label="In" part="in" />
          <PriceFields {...props} />
        </>
      );
    case 'STRATEGY':
      return (
        <Pick
          label="Its"
          value={line.strategy ?? 'QUANT'}
          options={optionsOf(STRATEGY_WORDS)}
          set={(strategy) => set({ ...line, strategy })}
        />
      );
    case 'CONSISTENCY':
      return (
        <Pick
          label="Its"
          value={line.consistency ?? 'MAX_BPS'}
          options={optionsOf(CONSISTENCY_WORDS)}
          set={(consistency) => set({ ...line, consistency })}
        />
      );
    case 'WINDOW':
      return <WindowFields {...props} />;
  }
}

function PairFields(props: LineFieldsProps) {
  return (
    <>
      <AssetPick {...props} label="Base" part="base" />
      <AssetPick {...props} label="Quote" part="quote" />
    </>
  );
}

function AssetFields(props: LineFieldsProps) {
  const { line, known, set } = props;
  const figure = line.figure ?? 'PRICE';
  return (
    <>
      <AssetPick {...props} label="Asset" part="asset" />
      <Pick
        label="Its"
        value={figure}
        options={optionsOf(ASSET_WORDS)}
        set={(next) => {
          const asset = line.asset ?? null;
          const kept = { make: null, base: null, quote: null, asset, figure: next, window: null };
          set(lineOfKind('ASSET', kept, known));
        }}
      />
      {(figure === 'PRICE' || figure === 'VOLATILITY') && (
        <AssetPick {...props} label="In" part="in" />
      )}
      {figure === 'VOLATILITY' && <LengthFields {...props} />}
    </>
  );
}

function WindowFields(props: LineFieldsProps) {
  const { line, set } = props;
  return (
    <>
      <PairFields {...props} />
      <Pick
        label="Its"
        value={line.window ?? 'CORRELATION'}
        options={optionsOf(WINDOW_WORDS)}
        set={(window) => set({ ...line, window })}
      />
      <AssetPick {...props} label="In" part="in" />
      <LengthFields {...props} />
    </>
  );
}

function LengthFields({ line, faults, set }: LineFieldsProps) {
  return (
    <>
      <Entry
        label="Over"
        size={4}
        value={line.over ?? ''}
        fault={faults.get('line.over')}
        set={(over) => set({ ...line, over })}
      />
      <Entry
        label="By"
        size={4}
        value={line.step ?? ''}
        fault={faults.get('line.step')}
        set={(step) => set({ ...line, step })}
      />
    </>
  );
}

const PRICES = { LAST: 'last', MID: 'mid', TAKE: 'take' } as const;

function PriceFields({ line, faults, set }: LineFieldsProps) {
  const { feeBps: _, ...free } = line;
  return (
    <Pick
      label="At"
      value={line.price ?? 'LAST'}
      options={optionsOf(PRICES)}
      fault={faults.get('line.price') ?? faults.get('line.feeBps')}
      set={(price) => set(price === 'TAKE' ? { ...line, price } : { ...free, price })}
    />
  );
}

function AssetPick({
  line,
  known,
  faults,
  set,
  label,
  part,
}: LineFieldsProps & {
  readonly label: string;
  readonly part: 'base' | 'quote' | 'asset' | 'in';
}) {
  return (
    <Pick
      label={label}
      value={line[part] ?? known.quantBase}
      options={namesOf(known.symbols)}
      fault={faults.get(`line.${part}`)}
      set={(asset) => set({ ...line, [part]: asset })}
    />
  );
}
