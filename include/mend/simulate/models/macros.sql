-- Randomness by hash: a draw is a pure function of the entity's hash and the name of the question, so threads, chunks
-- and order change nothing.
-- hash() of one value mixes well; hash(a, b) only xors, which would tie the draws of one entity together, hence the
-- nesting.
create or replace macro mix(h, k) as hash(xor(h, hash(k)));

-- Uniform in [0, 1).
create or replace macro draw(h, k) as (hash(xor(h, hash(k))) >> 11)::double / 9007199254740992.0;

-- About normal (sum of four draws), mean 0 and deviation 1: cheap, and never further out than 3.5.
create or replace macro normal(h, k) as
    (draw(h, k || '1') + draw(h, k || '2') + draw(h, k || '3') + draw(h, k || '4') - 2.0) * 1.7320508;

-- Exponential with the given mean.
create or replace macro waiting(h, k, mean) as -ln(1.0 - draw(h, k)) * mean;

-- Puts a few values exactly on a rule's boundary, one below it and one above it: the planted close calls.
create or replace macro snap(value, boundary, h, k) as
    case when draw(h, k) < 0.03 then boundary + floor(draw(h, k) * 100)::integer - 1 else value end;
