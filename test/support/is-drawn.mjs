/** For a page: whether a chart's canvas has a line or candles, that is something that is not grey. */
export const IS_DRAWN = `(canvas) => {
  if (!canvas || canvas.width === 0 || canvas.height === 0) return false;
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b] = data.subarray(at, at + 3);
    if (data[at + 3] > 128 && Math.max(r, g, b) - Math.min(r, g, b) > 60) return true;
  }
  return false;
}`;
