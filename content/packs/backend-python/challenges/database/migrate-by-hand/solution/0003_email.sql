UPDATE guest SET seats = min(6, (SELECT sum(seats) FROM guest AS twin WHERE lower(twin.email) = lower(guest.email)));
DELETE FROM guest WHERE id NOT IN (SELECT min(id) FROM guest GROUP BY lower(email));
CREATE UNIQUE INDEX guest_email ON guest (lower(email));
