/** What happens, from a price to what one waits for. */
export function Story() {
  return (
    <div className="story">
      <h3>What a turn is, and why one waits for an imprint</h3>
      <p>
        Every few seconds the engine takes a <strong>turn</strong>: it asks the exchange once for
        all prices and for the balances. From the prices of that one moment it works out the rate of
        every asset in every other, also of pairs that nobody lists, and how each has moved. All of
        it together is a <strong>cycle</strong>. It is stored, and only then shown: what you see
        here is on disk, and you can go back to it with the line at the bottom.
      </p>
      <p>
        Of each asset the moves against all others are weighed and put into one number, its{' '}
        <strong>quant</strong>. The asset that stands out leads. But a lead may be there for a
        single turn, and be gone with the next: so the strategy waits. It watches what the price of
        the lead does from the turn at which it took over, the <strong>imprint</strong>, and what
        the wallet carries away of that, the <strong>luggage</strong>. Only once the imprint is as
        large as the settings say has the lead left its mark.
      </p>
      <p>
        A turn that fails takes no number: there is a gap in time, hatched in the line at the
        bottom, with its reason. Where there is no value there is a dash, never a zero.
      </p>
    </div>
  );
}
