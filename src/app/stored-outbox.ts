import type { DeliveryStore } from '../alerts/channels/delivery-store.js';
import type { LeaseStore } from '../cluster/lease-store.js';
import type { Damage } from '../history/damage.js';
import type { Database } from '../mongo/connect.js';
import { MongoDeliveryStore } from '../mongo/delivery-store.js';
import { MongoLeaseStore } from '../mongo/lease-store.js';

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
