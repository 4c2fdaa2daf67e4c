import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { currentPlatform, unsupportedPlatform } from '../../src/embedded-mongo/platform.js';

describe('the machine', () => {
  const machine = { os: 'linux', cpu: 'x64', glibc: '2.36' };

  it('can run the engine on Linux with glibc and on macOS with arm64', () => {
    expect(unsupportedPlatform(machine)).toBeNull();
    expect(unsupportedPlatform({ ...machine, cpu: 'arm64' })).toBeNull();
    expect(unsupportedPlatform({ os: 'darwin', cpu: 'arm64', glibc: null })).toBeNull();
  });

  it.each([
    { os: 'win32', cpu: 'x64', glibc: null },
    { os: 'linux', cpu: 'x64', glibc: null },
    { os: 'darwin', cpu: 'x64', glibc: null },
    { os: 'linux', cpu: 'ia32', glibc: '2.36' },
  ])('is told to use a server on $os $cpu, glibc $glibc', (platform) => {
    const failure = unsupportedPlatform(platform);
    expect(failure?.code).toBe('PLATFORM_UNSUPPORTED');
    expect(failure?.message).toContain('MONGO_URI=mongodb://localhost:27017');
  });

  it.skipIf(process.platform !== 'linux' || currentPlatform().glibc === null)(
    'tells its glibc as the system does',
    () => {
      const told = execFileSync('getconf', ['GNU_LIBC_VERSION'], { encoding: 'utf8' });
      expect(told.trim()).toBe(`glibc ${String(currentPlatform().glibc)}`);
    },
  );
});
