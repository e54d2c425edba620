"""What the people of the demo have done since 2016: kinds of training, projects, each person's programme."""
