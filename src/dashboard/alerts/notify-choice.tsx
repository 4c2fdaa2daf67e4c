import { useId } from 'react';
import { BarMenu } from './bar-menu.js';
import { beginNotifying, endNotifying, useNotifying } from './notify.js';

const WORDS = {
  UNABLE:
    'This browser has no notifications here: they need https, or an address of this machine itself.',
  DENIED:
    'This browser was told not to notify from this page. Its settings for the page can allow it again.',
  OFF: 'While this page is open, in whichever tab, the browser can show each firing as a notification. Nothing is sent to anybody for it. It asks for your consent once.',
  ON: 'While this page is open, in whichever tab, the browser shows each firing as a notification.',
} as const;

/** Whether the browser tells of firings, and why not. It is asked only on a click. */
export function NotifyChoice() {
  const notifying = useNotifying();
  const id = useId();
  return (
    <BarMenu label={`Notifications ${notifying === 'ON' ? 'on' : 'off'}`}>
      <p id={id}>{WORDS[notifying]}</p>
      {notifying === 'OFF' && (
        <button type="button" aria-describedby={id} onClick={() => void beginNotifying()}>
          Notify in this browser
        </button>
      )}
      {notifying === 'ON' && (
        <button type="button" aria-describedby={id} onClick={endNotifying}>
          Turn them off
        </button>
      )}
    </BarMenu>
  );
}
