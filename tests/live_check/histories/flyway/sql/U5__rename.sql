ALTER TABLE bill RENAME TO invoice;
