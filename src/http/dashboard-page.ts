import type { Router } from 'express';
import { pageRoutes } from './pages.js';

/** The dashboard at `GET /`, for whoever prefers HTML; programs get health there. */
export function dashboardRoutes(directory: string, basePath = ''): Router {
  return pageRoutes({
    name: 'The dashboard',
    address: '/',
    prefix: '/static/dashboard',
    directory,
    basePath,
    isWanted: (request) => request.accepts(['json', 'html']) === 'html',
    setsInlineStyles: false,
  });
}
