-- macro: residual_squares(ratio, yy, xy, xx)
-- meaning: sum over groups of (y - ratio * x) squared, from the sums of y * y, x * y and x * x
select greatest(yy - 2 * ratio * xy + ratio * ratio * xx, 0) as residual_squares
