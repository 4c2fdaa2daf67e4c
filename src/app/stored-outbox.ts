import type { DeliveryStore } from '../alerts/channels/delivery-store.js';
import type { NoticeFiles, NoticeStore } from '../alerts/health/notice-store.js';
import type { LeaseStore } from '../cluster/lease-store.js';
import { NoticeFolder } from '../data-dir/notice-folder.js';
import type { Damage } from '../history/damage.js';
import type { Database } from '../mongo/connect.js';
import { MongoDeliveryStore } from '../mongo/delivery-store.js';
import { MongoLeaseStore } from '../mongo/lease-store.js';
import { MongoNoticeStore } from '../mongo/notice-store.js';

/** What is to be told, and who tells it. */
export interface StoredOutbox {
  readonly deliveries: DeliveryStore;
  /** Who delivers, of several instances. */
  readonly lock: LeaseStore;
}

export function openOutbox(database: Database, damage: Damage): StoredOutbox {
  return {
    deliveries: new MongoDeliveryStore(database),
    lock: new MongoLeaseStore(database, damage, 'delivery'),
  };
}

/** What was wrong, and what of it the database does not have yet. */
export interface StoredNotices {
  readonly store: NoticeStore;
  readonly files: NoticeFiles;
}

export function openNotices(
  database: Database,
  { dataDir, name, damage }: { dataDir: string; name: string; damage: Damage },
): StoredNotices {
  return {
    store: new MongoNoticeStore(database),
    files: new NoticeFolder(dataDir, name, damage),
  };
}
