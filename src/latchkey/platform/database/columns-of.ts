import { getMetadataArgsStorage } from 'typeorm';

/**
 * The columns of an entity as a statement selects them, under the names of its properties:
 *
 *     columnsOf(User, 'u', USER_COLUMNS)       u.id, u.email_verified AS "emailVerified"
 *
 * A row of them is `Pick<User, (typeof USER_COLUMNS)[number]>`: the compiler refuses a property that
 * the entity has not, and a test holds the entity to the schema. Not for columns that Postgres
 * writes in a form of its own where the statement wants another.
 *
 * @throws Error for a property that is not a column
 */
export function columnsOf<Entity extends object>(
  entity: new () => Entity,
  alias: string,
  properties: readonly (keyof Entity & string)[],
): string {
  return properties
    .map((property) => {
      const column = columnName(entity, property);
      return column === property ? `${alias}.${column}` : `${alias}.${column} AS "${property}"`;
    })
    .join(', ');
}

function columnName(entity: new () => object, property: string): string {
  const column = getMetadataArgsStorage()
    .filterColumns(entity)
    .find(({ propertyName }) => propertyName === property);
  if (column === undefined) throw new Error(`${entity.name}.${property} is not a column.`);
  return column.options.name ?? property;
}
