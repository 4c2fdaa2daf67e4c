import { useMemo, useRef } from 'react';
import { RangeSelect } from '../parts/course-range.js';
import { PriceChart } from '../pair/price-chart.js';
import { usePrice } from '../pair/use-price.js';
import { useWidth } from '../pair/use-width.js';
import { useChosenPair } from '../shell/chosen-pair.js';

const HEIGHT_PX = 180;

/** The course of the chosen pair, over the range that all charts have. */
export function InspectorChart() {
  const pair = useChosenPair();
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  const cells = useMemo(() => (pair ? [pair] : []), [pair]);
  const { askedRange: _, ...price } = usePrice(cells, width, pair === null);
  return (
    <div ref={element} className="course">
      <RangeSelect />
      <PriceChart {...price} cells={cells} height={HEIGHT_PX} />
    </div>
  );
}
