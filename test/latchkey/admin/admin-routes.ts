import { v7 as uuidv7 } from 'uuid';

const NOBODY = uuidv7();

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly permission: string;
  /** What a caller with that permission alone is answered. It changes nothing. */
  readonly status: number;
}

/** The routes of administrators, and what each of them demands. */
export const ADMIN_ROUTES: AdminRoute[] = [
  { method: 'GET', path: '/admin/users', permission: 'users:read', status: 200 },
  { method: 'GET', path: `/admin/users/${NOBODY}`, permission: 'users:read', status: 404 },
  {
    method: 'PATCH',
    path: `/admin/users/${NOBODY}`,
    body: { status: 'active' },
    permission: 'users:write',
    status: 404,
  },
  { method: 'POST', path: '/admin/users', body: {}, permission: 'users:write', status: 400 },
  {
    method: 'POST',
    path: `/admin/users/${NOBODY}/recovery`,
    permission: 'users:recover',
    status: 404,
  },
  { method: 'GET', path: `/admin/users/${NOBODY}/factors`, permission: 'users:read', status: 404 },
  {
    method: 'DELETE',
    path: `/admin/users/${NOBODY}/factors`,
    permission: 'users:recover',
    status: 404,
  },
  { method: 'DELETE', path: `/admin/users/${NOBODY}`, permission: 'users:delete', status: 404 },
  {
    method: 'PUT',
    path: `/admin/users/${NOBODY}/roles`,
    body: { roles: [] },
    permission: 'roles:assign',
    status: 404,
  },
  {
    method: 'GET',
    path: `/admin/users/${NOBODY}/sessions`,
    permission: 'sessions:read',
    status: 200,
  },
  {
    method: 'DELETE',
    path: `/admin/users/${NOBODY}/sessions`,
    permission: 'sessions:revoke',
    status: 200,
  },
  {
    method: 'DELETE',
    path: `/admin/sessions/${NOBODY}`,
    permission: 'sessions:revoke',
    status: 404,
  },
  { method: 'GET', path: '/admin/roles', permission: 'roles:read', status: 200 },
  {
    method: 'POST',
    path: '/admin/roles',
    body: { name: 'user', permissions: [] },
    permission: 'roles:write',
    status: 409,
  },
  { method: 'GET', path: '/admin/roles/nobody', permission: 'roles:read', status: 404 },
  {
    method: 'PATCH',
    path: '/admin/roles/nobody',
    body: { permissions: [] },
    permission: 'roles:write',
    status: 404,
  },
  { method: 'DELETE', path: '/admin/roles/nobody', permission: 'roles:write', status: 404 },
  { method: 'GET', path: '/admin/permissions', permission: 'roles:read', status: 200 },
  { method: 'GET', path: '/admin/keys', permission: 'keys:read', status: 200 },
  { method: 'POST', path: '/admin/keys/rotate', permission: 'keys:rotate', status: 409 },
  {
    method: 'POST',
    path: `/admin/keys/${'k'.repeat(43)}/revoke`,
    permission: 'keys:rotate',
    status: 404,
  },
  { method: 'GET', path: '/admin/clients', permission: 'clients:read', status: 200 },
  { method: 'GET', path: `/admin/clients/${NOBODY}`, permission: 'clients:read', status: 404 },
  {
    method: 'POST',
    path: '/admin/clients',
    body: { name: 'billing', roles: ['nobody'] },
    permission: 'clients:write',
    status: 400,
  },
  {
    method: 'PATCH',
    path: `/admin/clients/${NOBODY}`,
    body: { name: 'billing' },
    permission: 'clients:write',
    status: 404,
  },
  {
    method: 'POST',
    path: `/admin/clients/${NOBODY}/secret`,
    permission: 'clients:write',
    status: 404,
  },
  { method: 'DELETE', path: `/admin/clients/${NOBODY}`, permission: 'clients:write', status: 404 },
  { method: 'GET', path: '/admin/resources', permission: 'resources:read', status: 200 },
  { method: 'GET', path: `/admin/resources/${NOBODY}`, permission: 'resources:read', status: 404 },
  {
    method: 'POST',
    path: '/admin/resources',
    body: {},
    permission: 'resources:write',
    status: 400,
  },
  {
    method: 'PATCH',
    path: `/admin/resources/${NOBODY}`,
    body: {},
    permission: 'resources:write',
    status: 404,
  },
  {
    method: 'DELETE',
    path: `/admin/resources/${NOBODY}`,
    permission: 'resources:write',
    status: 404,
  },
  { method: 'GET', path: '/admin/outbox', permission: 'outbox:read', status: 200 },
  {
    method: 'POST',
    path: `/admin/outbox/${NOBODY}/retry`,
    permission: 'outbox:retry',
    status: 404,
  },
  {
    method: 'GET',
    path: '/admin/throttle?ip=203.0.113.7',
    permission: 'throttle:read',
    status: 200,
  },
  {
    method: 'POST',
    path: '/admin/throttle/lift',
    body: { ip: '203.0.113.7' },
    permission: 'throttle:lift',
    status: 200,
  },
  { method: 'GET', path: '/admin/audit-events', permission: 'audit:read', status: 200 },
];

export const ADMIN_PERMISSIONS = [...new Set(ADMIN_ROUTES.map(({ permission }) => permission))];
