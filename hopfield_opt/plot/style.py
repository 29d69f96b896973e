"""What the pictures share: colours that colour-blind eyes tell apart."""

# Okabe and Ito, "Color universal design" (2008)
BLUE = "#0072B2"
ORANGE = "#E69F00"
VERMILION = "#D55E00"
BLACK = "#1a1a1a"
GREY = "#b5b5b5"
