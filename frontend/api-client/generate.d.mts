/** The first line of the generated file. */
export const BANNER: string;
