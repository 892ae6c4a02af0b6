/** From here on there are too few to go on air with. */
export const lowStock = 3
