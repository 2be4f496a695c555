/** docs/routes.md, from the text of the snapshot. */
export function routesPage(snapshot: string): string;
